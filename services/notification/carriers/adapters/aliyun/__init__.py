"""Alibaba Cloud's text messages (阿里云短信服务)."""
