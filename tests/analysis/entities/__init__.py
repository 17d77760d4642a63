"""The people, organisations and places of stories."""
