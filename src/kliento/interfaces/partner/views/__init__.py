"""The portal's pages, one module for each group of them."""
