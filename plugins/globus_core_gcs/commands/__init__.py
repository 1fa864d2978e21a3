"""
The commands for collections.
"""
