"""Methods that make something new, which is the caller's own whatever the request says."""
MAKES = ("identity.register_app", "payment.create_order", "matter.start_case", "notification.put_template",
         "notification.create_notify_key", "notification.create_job")
