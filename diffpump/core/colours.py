"""The colours of all pictures, which colour-blind readers can distinguish (Okabe and Ito)."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
