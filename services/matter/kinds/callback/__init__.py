"""Kind `callback`: somebody outside answers, such as a hospital."""
