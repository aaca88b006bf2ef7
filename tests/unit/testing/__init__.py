"""Tests of the kit for app teams."""
