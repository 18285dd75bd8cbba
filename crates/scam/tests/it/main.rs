//! The checker as a whole: what it answers to messages of our own, and properties that hold for every text.

mod messages;
mod properties;
mod reproduced;
