"""One module for each tab of the person's pages, one for what makes them installable."""
