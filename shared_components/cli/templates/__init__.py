"""Templates of `zhongtai new-service`; the placeholders are described in shared_components/cli/new_service/files.py."""
