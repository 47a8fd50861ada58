"""What the editor of forms knows of an item: what can be added, and its elements as fields and back. No database."""
