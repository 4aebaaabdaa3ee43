"""Parts of the door's benchmark."""
