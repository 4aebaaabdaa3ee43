"""One bill on one page 一单制结算单: found, explained layer by layer, printed, verified; and what one would pay."""
