//! A simulated Shopify Admin API.
