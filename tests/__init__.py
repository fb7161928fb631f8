"""What the product promises, shown: rules, storage, whole stories, and how the code is built."""
