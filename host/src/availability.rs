//! Availability: from a ship-from location and items to counts, their age, and a verdict.
