//! A simulated Finale Inventory.
