"""Kaggle's Carvana Image Masking Challenge: whole cars, sixteen views of each."""
