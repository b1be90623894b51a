package media

import "testing"

func TestAFaceIsASquareOfTheMiddleInTwoSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		data  []byte
		sides []int
	}{
		{"a wide one", jpegOf(t, quarters(1200, 800, "rgby")), []int{128, 400}},
		{"a tall one", pngOf(t, quarters(300, 900, "rgby")), []int{128, 300}},
		{"a small one", pngOf(t, quarters(60, 50, "rgby")), []int{50}},
		{"a phone's", fixture(t, "photo.heic"), nil},
		{"a moving one", gifOf(t, 3, 200, 200), []int{128, 200}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := NewProcessor().Face(t.Context(), tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if tt.sides != nil && len(p.Variants) != len(tt.sides) {
				t.Fatalf("%d variants, want %v", len(p.Variants), tt.sides)
			}
			for i, v := range p.Variants {
				if v.Width != v.Height || tt.sides != nil && v.Width != tt.sides[i] {
					t.Errorf("%s is %d×%d", v.Name, v.Width, v.Height)
				}
				if c := coloursOf(decoded(t, v)); tt.sides != nil && c != "rgby" && c != "rrrr" {
					t.Errorf("%s shows %s", v.Name, c)
				}
			}
			if last := p.Variants[len(p.Variants)-1]; last.Width != p.Width {
				t.Errorf("the largest is %d wide, the picture %d", last.Width, p.Width)
			}
		})
	}
}
