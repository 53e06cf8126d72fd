//! Secrets: a type that prints `***`, and their encryption at rest.
