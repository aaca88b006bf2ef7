"""Small services for the fault laboratory: what they did can be counted, one row an effect."""
