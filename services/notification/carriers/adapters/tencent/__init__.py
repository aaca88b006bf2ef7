"""Tencent Cloud's text messages (腾讯云短信)."""
