//! Pure statistics over slices.
