"""Words of mmdet 2.x and of stock mmdet 3.x configs to the words of this package."""
