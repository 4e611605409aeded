package dev.caravan.cli;

/** In which form a command prints what it was told. */
enum Output {
    TEXT,
    JSON
}
