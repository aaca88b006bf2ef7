"""WeChat Pay v3."""
