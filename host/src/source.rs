//! Inventory sources: the selectable places that hold stock, grouped under headings.
