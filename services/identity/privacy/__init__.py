"""Requests of persons about their own information (个人信息权利请求)."""
