package main

// Conferences live in zones, which a small system has no files of.
import _ "time/tzdata"
