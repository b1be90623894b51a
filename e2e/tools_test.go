package e2e

// toolsFolder holds the checkers that come from npm.
const toolsFolder = "tools"
