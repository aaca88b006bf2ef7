"""Kind `deliver`: the licence goes by post."""
