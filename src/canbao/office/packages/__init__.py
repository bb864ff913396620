"""Packages: uploaded, checked by the province, admitted or given back."""
