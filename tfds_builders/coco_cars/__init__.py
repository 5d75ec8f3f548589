"""COCO instance files, such as the car parts of dsmlr, as a dataset."""
