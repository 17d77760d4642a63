"""Train the splitter's reader on labelled pages: nothing here runs when pages are split."""
