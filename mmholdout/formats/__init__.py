"""Annotation files of COCO's and YOLO's formats read, and those of three formats written."""
