"""What runs a script: its session, its streams, its two styles, and what is told of its errors."""
