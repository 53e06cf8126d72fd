//! Plugins: libraries found, opened, and spoken to in bytes.
