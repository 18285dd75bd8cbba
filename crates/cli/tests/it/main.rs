//! What a person sees at the command line, kept as goldens; and what scripts rely on: exit codes and whole files.

mod audit;
mod frame;
mod run;
