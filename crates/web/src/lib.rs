//! The pages and the API: every door of the house. It must not know a database, a rule of its own, or the environment.

pub mod api;
