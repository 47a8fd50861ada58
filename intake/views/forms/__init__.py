"""The forms of the practice, in the settings: list and files, states, the editor, the preview."""
