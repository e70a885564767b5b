"""What stands for a parameter that librosa no longer wants."""

__all__ = ["Deprecated"]


class Deprecated:
    """That a deprecated parameter was not given."""

    def __repr__(self) -> str:
        return "<DEPRECATED parameter>"
