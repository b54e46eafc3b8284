"""The documents held against the code: what they say is so, what they show works, what there is they tell."""
