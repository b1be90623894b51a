package vocab

import "fmt"

// maxItems is how many entries of a page are read.
const maxItems = 100

// ReceivedPage is a collection, or a page of one, from elsewhere. Of a collection with its
// first page embedded it is that page.
type ReceivedPage struct {
	ID    string
	Next  string // the next page, of a collection its first; "" at the end
	Items []ReceivedItem
}

// ReceivedItem is an entry of a page. Type and ObjectID are those of an activity that
// stands in it.
type ReceivedItem struct{ ID, Type, ObjectID string }

// ParsePage reads a fetched collection, or a page of one.
func ParsePage(raw []byte) (*ReceivedPage, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	page := &ReceivedPage{ID: idOf(o)}
	switch firstString(o, "type") {
	case "Collection", "OrderedCollection":
		if first := o.firstObject("first"); first != nil {
			o = first
		} else {
			page.Next = o.firstID("first")
		}
	case "CollectionPage", "OrderedCollectionPage":
	default:
		return nil, fmt.Errorf("%s is no collection", page.ID)
	}
	if page.Next == "" {
		page.Next = o.firstID("next")
	}
	for _, v := range append(o.list("orderedItems"), o.list("items")...) {
		if len(page.Items) == maxItems {
			break
		}
		item := ReceivedItem{ID: idOf(v)}
		if a, ok := v.(object); ok {
			item.Type, item.ObjectID = firstString(a, "type"), a.firstID("object")
		}
		page.Items = append(page.Items, item)
	}
	return page, nil
}
