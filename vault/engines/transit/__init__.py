"""Transit: encryption, signatures and key encapsulation as a service; keys never leave unless they were made to."""
