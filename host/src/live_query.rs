//! The live query: asks an adapter for some SKUs while an order waits.
