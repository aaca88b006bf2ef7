"""The API of GOV.UK Notify, version 2, over the methods of notification."""
