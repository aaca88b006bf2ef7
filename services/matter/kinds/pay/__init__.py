"""Kind `pay`: an order is made, started and paid; its compensation returns the money."""
