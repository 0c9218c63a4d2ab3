"""How pages look: states, numbers, components and charts, behind the template tags of `look`."""
