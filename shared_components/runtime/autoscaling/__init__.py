"""Scale services by their load, where no Kubernetes does it."""
