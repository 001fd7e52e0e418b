"""What must happen soon after every act: places in the tree, returns in the inbox."""
