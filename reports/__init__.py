"""What leaves the app: pictures, tables, files and reports."""
