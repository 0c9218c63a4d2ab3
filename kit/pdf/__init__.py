"""Documents drawn on a reportlab canvas: faces, ink, sheets, tables, charts, codes, archive form.

A pure library: it knows no model, no request and no clock. Read `sheet.py` first.
"""
