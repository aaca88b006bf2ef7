"""Topic: persons and organisations, their documents, and how surely each is who they say."""
