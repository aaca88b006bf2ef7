"""What `zhongtai new-service` writes: `{{name}}` is the service's name, `{{Name}}` the same as a class name."""
